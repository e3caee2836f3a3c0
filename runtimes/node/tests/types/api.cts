// Checked by tsc: the same from CommonJS.
import lib = require("lambda-cors");

const policy: lib.Policy = new lib.Policy({ origins: ["https://app.example.com"] });
export const handler = lib.cors(policy)(async () => ({ statusCode: 200 }));
