import Koa from 'koa';
import Router from '@koa/router';
import serverless from 'serverless-http';

const app = new Koa();
app.silent = true;
const router = new Router();
router.get('/items', (ctx) => {
  ctx.body = {};
});
router.get('/boom', () => {
  throw new Error('boom');
});
app.use(router.routes());
app.use(router.allowedMethods());
export const handler = serverless(app);
