import { Module } from '@nestjs/common';
import { ConsoleController } from './console.controller.ts';
import { DocsController } from './docs.controller.ts';

/** Static pages: the console and the documentation of the API. */
@Module({ controllers: [ConsoleController, DocsController] })
export class PagesModule {}
