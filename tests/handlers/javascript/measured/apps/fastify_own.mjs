import Fastify from 'fastify';
import awsLambdaFastify from '@fastify/aws-lambda';

const app = Fastify();
app.addHook('onRequest', async (request, reply) => {
  reply.header('Access-Control-Allow-Origin', request.headers.origin ?? '*');
  if (request.method === 'OPTIONS') {
    reply.code(204).send();
    return reply;
  }
});
app.get('/items', async () => ({}));
app.put('/items', async (request, reply) => {
  reply.header('X-A', 'put');
  reply.code(201);
  return {};
});
app.options('/items', async () => ({}));
app.get('/boom', async () => {
  throw new Error('boom');
});
export const handler = awsLambdaFastify(app);
