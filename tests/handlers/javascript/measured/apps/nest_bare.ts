import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import serverlessExpress from '@codegenie/serverless-express';

@Controller('items')
class ItemsController {
  @Get()
  list() {
    return {};
  }

  @Get('/boom')
  boom() {
    throw new Error('boom');
  }
}

@Module({ controllers: [ItemsController] })
class AppModule {}

let server: any;

async function bootstrap() {
  const app = await NestFactory.create(AppModule, { logger: false });
  app.setGlobalPrefix('');
  await app.init();
  const expressApp = app.getHttpAdapter().getInstance();
  return serverlessExpress({ app: expressApp });
}

export const handler = async (event: any, context: any, callback: any) => {
  server = server ?? (await bootstrap());
  return server(event, context, callback);
};
