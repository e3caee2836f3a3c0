import { Hono } from 'hono';
import { handle } from 'hono/aws-lambda';
import { cors } from 'hono/cors';

const app = new Hono();
app.use(cors({ origin: 'https://a.example', credentials: true }));
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
