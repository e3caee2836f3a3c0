import { Router, BadRequestError } from '@aws-lambda-powertools/event-handler/http';
import { cors } from '@aws-lambda-powertools/event-handler/http/middleware';

const app = new Router();
app.use(cors({ origin: 'https://a.example', allowMethods: ['GET', 'PUT'] }));

class Lambda {
  @app.get('/items')
  public async list() {
    return {};
  }

  @app.put('/items')
  public async put() {
    return new Response('', { status: 201, headers: { 'X-A': 'put' } });
  }

  @app.get('/boom')
  public async boom() {
    throw new BadRequestError('boom');
  }

  public async handler(event: any, context: any) {
    return app.resolve(event, context, { scope: this });
  }
}

const lambda = new Lambda();
export const handler = lambda.handler.bind(lambda);
