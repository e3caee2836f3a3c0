import { Hono } from 'hono';
import { handle } from 'hono/aws-lambda';
import { cors } from 'hono/cors';

const app = new Hono();
app.use('*', async (c, next) => {
  c.header('Access-Control-Allow-Origin', '*');
  if (c.req.method === 'OPTIONS') return c.body(null, 204);
  await next();
  c.res.headers.set('X-A', 'own');
});
app.onError((error, c) => c.json({ message: error.message }, 503));
app.notFound((c) => c.text('nothing here', 404));
app.get('/items', (c) => c.json({}));
app.put('/items', (c) => {
  c.header('X-A', 'put');
  return c.body(null, 201);
});
app.get('/users', (c) => c.json({}, 200, { 'Access-Control-Allow-Origin': 'https://own.example' }));
app.get('/boom', () => {
  throw new Error('boom');
});

export const handler = handle(app);
