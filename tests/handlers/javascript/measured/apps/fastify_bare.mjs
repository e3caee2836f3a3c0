import Fastify from 'fastify';
import awsLambdaFastify from '@fastify/aws-lambda';

const app = Fastify();
app.get('/items', async () => ({}));
app.get('/boom', async () => {
  throw new Error('boom');
});
export const handler = awsLambdaFastify(app);
