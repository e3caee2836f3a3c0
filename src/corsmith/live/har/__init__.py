"""HAR files: what a browser recorded, judged as the browser did.

Sources: the HAR 1.2 specification (Jan Odvarko), and what Chromium, Firefox, Safari and Playwright make of it (measured,
and as their users attach them): preflights are missing, or come after their request; a stopped call has the status 0;
Chromium leaves out cookies and tokens unless it is told not to.
"""

from .judge import Judgement, judged
from .read import Har, Unusable, read_har

__all__ = ["Har", "Judgement", "Unusable", "judged", "read_har"]
