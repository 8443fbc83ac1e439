"""The compiled engine: a verified program becomes functions of Python once, when it is loaded."""
