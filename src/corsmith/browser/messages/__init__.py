"""Console texts, word for word: Chromium's and Firefox's as measured, WebKit's as its source has them."""
