import Fastify from 'fastify';
import awsLambdaFastify from '@fastify/aws-lambda';
import cors from '@fastify/cors';

const app = Fastify();
app.register(cors, {
  origin: (origin, callback) => {
    if (!origin || origin === 'https://a.example') {
      callback(null, true);
      return;
    }
    callback(new Error('not allowed'), false);
  },
  strictPreflight: false,
});
app.register(
  async (scope) => {
    scope.get('/', async () => ({}));
  },
  { prefix: '/items' },
);
app.setErrorHandler((error, request, reply) => {
  reply.code(503).send({ message: error.message });
});
app.setNotFoundHandler((request, reply) => {
  reply.code(410).send({});
});
app.get('/boom', async () => {
  throw new Error('boom');
});
export const handler = awsLambdaFastify(app);
