import cors from 'cors';
import express from 'express';
import serverless from 'serverless-http';

const app = express();
app.set('env', 'test');
app.use('/items', cors({ origin: 'https://a.example', methods: ['GET', 'PUT'] }));
app.get('/items', (req, res) => res.json({}));
app.put('/items', (req, res) => {
  res.set('X-A', 'put');
  res.status(201).send('');
});
app.get('/users', (req, res) => res.set({ 'Access-Control-Allow-Origin': 'https://own.example' }).json({}));
app.get('/boom', () => {
  throw new Error('boom');
});

export const handler = serverless(app);
