"""How Dingdian is started and tested: used by `run` and `test`, with nothing but Python's own library."""
