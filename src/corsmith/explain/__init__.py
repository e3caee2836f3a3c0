"""From what a person pastes to what it means: console messages of three browsers, or a symptom in words.

`explain(text)` finds every blocked request that the text speaks of, in the wordings of Chrome, Firefox and Safari, old and
new, whatever stands around them. Each comes with the facts that the text holds, the front door that the URL belongs to,
the causes ranked for that front door, and the command that decides. What is not CORS is told apart.
"""

from .found import Cause, Explained
from .reading import MOST, explain

__all__ = ["MOST", "Cause", "Explained", "explain"]
