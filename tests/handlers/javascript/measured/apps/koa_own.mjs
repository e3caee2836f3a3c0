import Koa from 'koa';
import Router from '@koa/router';
import serverless from 'serverless-http';

const app = new Koa();
app.silent = true;
app.use(async (ctx, next) => {
  ctx.set('Access-Control-Allow-Origin', ctx.headers.origin || '*');
  if (ctx.method === 'OPTIONS') {
    ctx.status = 204;
    return;
  }
  try {
    await next();
  } catch (error) {
    ctx.status = error.status || 503;
    ctx.body = { message: error.message };
  }
});
const router = new Router();
router.get('/items', (ctx) => {
  ctx.body = {};
});
router.put('/items', (ctx) => {
  ctx.set('X-A', 'put');
  ctx.status = 201;
  ctx.body = 'x';
});
router.get('/boom', () => {
  throw new Error('boom');
});
app.use(router.routes());
export const handler = serverless(app);
