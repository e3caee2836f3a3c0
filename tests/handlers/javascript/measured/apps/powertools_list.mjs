import { Router, NotFoundError, UnauthorizedError } from '@aws-lambda-powertools/event-handler/http';
import { cors } from '@aws-lambda-powertools/event-handler/http/middleware';

const app = new Router();
app.use(
  cors({
    origin: ['https://a.example', 'https://own.example'],
    allowMethods: ['GET', 'PUT'],
    allowHeaders: ['X-Token'],
    exposeHeaders: ['X-A'],
    credentials: true,
    maxAge: 60,
  }),
);
app.get('/items', () => ({ statusCode: 202, body: '{}' }));
app.put('/items', () => {
  throw new UnauthorizedError('no');
});
app.get('/users', () => {
  throw new NotFoundError('no');
});
app.get('/boom', () => {
  throw new TypeError('boom');
});
app.errorHandler(TypeError, async (error) => ({ statusCode: 418, message: error.message }));
export const handler = async (event, context) => app.resolve(event, context);
