import 'reflect-metadata';
import { Controller, Get, Module, Res } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import serverless from 'serverless-http';

@Controller()
class AppController {
  @Get('/items')
  list() {
    return {};
  }

  @Get('users')
  users(@Res() res: any) {
    res.set('X-A', 'own').status(202).json({});
  }

  @Get('boom')
  boom() {
    throw new Error('boom');
  }
}

@Module({ controllers: [AppController] })
class AppModule {}

let cached: any;

export const handler = async (event: any, context: any) => {
  if (!cached) {
    const app = await NestFactory.create(AppModule, {
      logger: false,
      cors: { origin: ['https://a.example'], methods: ['GET', 'PUT'], credentials: true, allowedHeaders: ['X-Token'], maxAge: 60 },
    });
    await app.init();
    cached = serverless(app.getHttpAdapter().getInstance());
  }
  return cached(event, context);
};
