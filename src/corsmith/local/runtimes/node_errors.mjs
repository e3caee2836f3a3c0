// Errors with the names that Lambda gives them, and how they are told to the Runtime API.

export function fault(name, message) {
  const error = new Error(message);
  error.name = name;
  return error;
}

export function plain(error) {
  if (error instanceof Error) {
    return { errorType: error.name, errorMessage: error.message, trace: String(error.stack ?? '').split('\n') };
  }
  const text = typeof error === 'string' ? error : JSON.stringify(error) ?? String(error);
  return { errorType: typeof error, errorMessage: text, trace: [] };
}
