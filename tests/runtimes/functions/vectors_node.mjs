// The function that runs a vector in Lambda's own Node client: the client context names the vector.
import { requests, wrapped } from "../../../runtimes/node/tests/vectors.mjs";

const handlers = new Map(requests.cases.map((vector) => [vector.name, wrapped(vector, "async")]));

export const handler = (event, context) => handlers.get(context.clientContext.custom.vector)(event, context);
