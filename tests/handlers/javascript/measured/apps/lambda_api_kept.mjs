import lambdaApi from 'lambda-api';

const api = lambdaApi({ logger: false, errorHeaderWhitelist: ['Access-Control-Allow-Origin'] });
api.use((req, res, next) => {
  res.cors({ origin: 'https://a.example', methods: 'GET, PUT', headers: 'X-Token', maxAge: 60000 });
  next();
});
api.use((error, req, res, next) => {
  res.header('X-A', 'error').status(503).json({ message: error.message });
});
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
