import { Router } from '@aws-lambda-powertools/event-handler/http';

const app = new Router();
app.get('/items', async () => ({}));
app.get('/boom', async () => {
  throw new Error('boom');
});
export const handler = async (event, context) => app.resolve(event, context);
