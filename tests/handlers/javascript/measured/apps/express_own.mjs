import cors from 'cors';
import express from 'express';
import serverless from 'serverless-http';

const app = express();
app.set('env', 'test');
app.use((req, res, next) => {
  res.header('Access-Control-Allow-Origin', req.headers.origin || '*');
  if (req.method === 'OPTIONS') return res.sendStatus(200);
  next();
});
app.get('/items', (req, res) => res.json({}));
app.put('/items', (req, res) => {
  res.set('X-A', 'put');
  res.status(201).send('');
});
app.get('/users', (req, res) => res.set({ 'Access-Control-Allow-Origin': 'https://own.example' }).json({}));
app.get('/boom', () => {
  throw new Error('boom');
});
app.use((error, req, res, next) => {
  res.status(503).json({ message: error.message });
});
export const handler = serverless(app);
