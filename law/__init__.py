"""The clause table (clauses.csv): which clause says what, and its twin in the other Measures. Pure, no Django."""
