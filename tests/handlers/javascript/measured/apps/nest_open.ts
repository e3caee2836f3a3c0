import 'reflect-metadata';
import { Controller, ForbiddenException, Get, Header, HttpCode, Module, Param, Put } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import serverlessExpress from '@codegenie/serverless-express';

@Controller('items')
class ItemsController {
  @Get()
  list() {
    return {};
  }

  @Put()
  @HttpCode(201)
  @Header('X-A', 'put')
  put() {
    return '';
  }
}

@Controller()
class OtherController {
  @Get('boom')
  boom() {
    throw new Error('boom');
  }

  @Get('users')
  users() {
    throw new ForbiddenException();
  }
}

@Module({ controllers: [ItemsController, OtherController] })
class AppModule {}

let server: any;

async function bootstrap() {
  const app = await NestFactory.create(AppModule, { logger: false });
  app.enableCors();
  await app.init();
  return serverlessExpress({ app: app.getHttpAdapter().getInstance() });
}

export const handler = async (event: any, context: any, callback: any) => {
  server = server ?? (await bootstrap());
  return server(event, context, callback);
};
