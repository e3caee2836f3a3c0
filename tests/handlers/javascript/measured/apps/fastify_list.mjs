import fastify from 'fastify';
import awsLambdaFastify from '@fastify/aws-lambda';
import cors from '@fastify/cors';

const app = fastify({ logger: false });
app.register(cors, {
  origin: ['https://a.example', /\.b\.example$/],
  methods: ['GET', 'PUT'],
  allowedHeaders: ['X-Token'],
  exposedHeaders: ['X-A'],
  credentials: true,
  maxAge: 60,
});
app.register(async (scope) => {
  scope.get('/items', async (request, reply) => {
    reply.send({});
    return reply;
  });
  scope.route({ method: ['PUT', 'DELETE'], url: '/items', handler: async (request, reply) => reply.code(201).header('x-a', 'put').send() });
});
app.get('/boom', (request, reply) => {
  throw Object.assign(new Error('boom'), { statusCode: 418 });
});
const proxy = awsLambdaFastify(app);
export const handler = async (event, context) => proxy(event, context);
