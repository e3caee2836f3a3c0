import Koa from 'koa';
import Router from '@koa/router';
import cors from '@koa/cors';
import serverless from 'serverless-http';

const allowed = ['https://a.example', 'https://own.example'];
const app = new Koa();
app.silent = true;
app.use(
  cors({
    origin: (ctx) => (allowed.includes(ctx.get('Origin')) ? ctx.get('Origin') : ''),
    credentials: true,
    allowMethods: ['GET', 'PUT'],
    allowHeaders: ['X-Token'],
    exposeHeaders: ['X-A'],
    maxAge: 60,
  }),
);
const router = new Router();
router
  .get('/items', async (ctx) => {
    ctx.body = {};
  })
  .put('/items', async (ctx) => {
    ctx.set('X-A', 'put');
    ctx.status = 201;
  })
  .get('/boom', async (ctx) => {
    ctx.throw(418, 'boom');
  });
app.use(router.routes());
export const handler = serverless(app);
