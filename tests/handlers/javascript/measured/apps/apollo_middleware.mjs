import { ApolloServer } from '@apollo/server';
import { startServerAndCreateLambdaHandler, handlers } from '@as-integrations/aws-lambda';

const server = new ApolloServer({ typeDefs: 'type Query { hello: String }', resolvers: {} });
export const handler = startServerAndCreateLambdaHandler(server, handlers.createAPIGatewayProxyEventRequestHandler(), {
  middleware: [
    async (event) => {
      return async (result) => {
        result.headers = { ...result.headers, 'Access-Control-Allow-Origin': '*' };
        return Promise.resolve();
      };
    },
  ],
});
