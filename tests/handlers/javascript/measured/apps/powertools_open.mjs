import { Router } from '@aws-lambda-powertools/event-handler/http';
import { cors } from '@aws-lambda-powertools/event-handler/http/middleware';

const app = new Router();
app.use(cors());
app.get('/items', async () => ({}));
app.put('/items', async () => new Response('', { status: 201, headers: { 'X-A': 'put' } }));
app.get('/users', async (reqCtx) => {
  reqCtx.res.headers.set('X-A', 'own');
  return {};
});
app.get('/boom', async () => {
  throw new Error('boom');
});
export const handler = async (event, context) => app.resolve(event, context);
