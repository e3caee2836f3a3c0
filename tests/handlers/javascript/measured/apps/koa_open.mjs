import Koa from 'koa';
import Router from '@koa/router';
import cors from '@koa/cors';
import serverless from 'serverless-http';

const app = new Koa();
app.silent = true;
const router = new Router();
router.get('/items', (ctx) => {
  ctx.body = {};
});
router.put('/items', (ctx) => {
  ctx.set('X-A', 'put');
  ctx.status = 201;
  ctx.body = '';
});
router.get('/users', (ctx) => {
  ctx.set({ 'Access-Control-Allow-Origin': 'https://own.example' });
  ctx.body = {};
});
router.get('/boom', () => {
  throw new Error('boom');
});
app.use(cors());
app.use(router.routes());
app.use(router.allowedMethods());
export const handler = serverless(app);
