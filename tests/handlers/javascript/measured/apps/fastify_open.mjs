import Fastify from 'fastify';
import awsLambdaFastify from '@fastify/aws-lambda';
import cors from '@fastify/cors';

const app = Fastify();
await app.register(cors);
app.get('/items', async () => ({}));
app.put('/items', async (request, reply) => {
  reply.header('X-A', 'put');
  return reply.code(201).send('');
});
app.get('/users', (request, reply) => {
  reply.headers({ 'Access-Control-Allow-Origin': 'https://own.example' }).send({});
});
app.get('/boom', async () => {
  throw new Error('boom');
});
export const handler = awsLambdaFastify(app);
