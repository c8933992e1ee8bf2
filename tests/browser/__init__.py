"""The whole product as its people see it, in Chromium on a live server."""
