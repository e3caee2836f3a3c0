import Koa from 'koa';
import Router from '@koa/router';
import cors from '@koa/cors';
import serverless from 'serverless-http';

const app = new Koa();
app.silent = true;
app.use(cors({ origin: 'https://a.example', credentials: true, keepHeadersOnError: false }));
const items = new Router({ prefix: '/items' });
items.get('/', (ctx) => {
  ctx.body = {};
});
const router = new Router();
router.use(items.routes());
router.get('/boom', () => {
  throw new Error('boom');
});
app.use(router.routes()).use(router.allowedMethods());
const run = serverless(app);
export const handler = async (event, context) => run(event, context);
