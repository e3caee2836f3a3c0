// Small apps as the CDK's guides write them, with the settings that the tests expect: two stages, four front doors.
const cdk = require("aws-cdk-lib");
const rest = require("aws-cdk-lib/aws-apigateway");
const http = require("aws-cdk-lib/aws-apigatewayv2");
const { HttpLambdaIntegration } = require("aws-cdk-lib/aws-apigatewayv2-integrations");
const lambda = require("aws-cdk-lib/aws-lambda");
const path = require("node:path");

class Shop extends cdk.Stack {
  constructor(scope, id, { origin, ...props }) {
    super(scope, id, props);
    const code = lambda.Code.fromAsset(path.join(__dirname, "src"));
    const handler = new lambda.Function(this, "Items", {
      runtime: lambda.Runtime.PYTHON_3_13, handler: "app.handler", code, environment: { ORIGIN: origin },
    });
    const restApi = new rest.RestApi(this, "Rest", {
      defaultCorsPreflightOptions: { allowOrigins: [origin], allowMethods: ["GET", "PUT"], allowHeaders: ["content-type"] },
    });
    restApi.root.addResource("items").addMethod("PUT", new rest.LambdaIntegration(handler));
    restApi.addGatewayResponse("Refused", {
      type: rest.ResponseType.DEFAULT_4XX, responseHeaders: { "Access-Control-Allow-Origin": `'${origin}'` },
    });
    const httpApi = new http.HttpApi(this, "Http", {
      corsPreflight: {
        allowOrigins: [origin], allowMethods: [http.CorsHttpMethod.PUT], allowHeaders: ["content-type"],
        allowCredentials: true, maxAge: cdk.Duration.minutes(10),
      },
    });
    httpApi.addRoutes({
      path: "/items", methods: [http.HttpMethod.PUT], integration: new HttpLambdaIntegration("Call", handler),
    });
    handler.addFunctionUrl({
      authType: lambda.FunctionUrlAuthType.NONE,
      cors: { allowedOrigins: [origin], allowedMethods: [lambda.HttpMethod.PUT], allowedHeaders: ["content-type"] },
    });
  }
}

class Deployed extends cdk.Stage {
  constructor(scope, id, { origin }) {
    super(scope, id);
    new Shop(this, "Shop", { origin });
  }
}

// What the CDK's command line asks for, unless the test says that it is not there.
const asked = process.argv.includes("bare") ? {} : { "aws:cdk:enable-path-metadata": true, "aws:cdk:enable-asset-metadata": true };
const app = new cdk.App({ postCliContext: asked });
new Shop(app, "Alone", { origin: "https://app.example.com" });
new Deployed(app, "Dev", { origin: "https://dev.example.com" });
new Deployed(app, "Prod", { origin: "https://prod.example.com/" });
app.synth();
