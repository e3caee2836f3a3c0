"""What runs inside a function's process: started by path with the user's interpreter, never imported by corsmith."""
