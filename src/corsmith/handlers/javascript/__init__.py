"""JavaScript and TypeScript handlers. Loaded when a Node.js function is seen."""
