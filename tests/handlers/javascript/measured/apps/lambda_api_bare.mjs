import lambdaApi from 'lambda-api';

const api = lambdaApi({ logger: false });

api.get('/items', async () => ({}));
api.put('/items', (req, res) => {
  res.header('X-A', 'put').status(201).json({});
});
api.get('/users', (req, res) => res.cors({ origin: 'https://own.example', credentials: true }).json({}));
api.get('/boom', async () => {
  throw new Error('boom');
});
api.put('/boom', (req, res) => res.error(409, 'no'));

export const handler = async (event, context) => api.run(event, context);
