using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;
using Serverless.Functions.Http;
using Serverless.Orchestrations;
using Serverless.Platform;

var builder = FunctionsApplication.CreateBuilder(args);

builder.ConfigureFunctionsWebApplication();
builder.UseMiddleware<ProblemResponses>();

builder.Services
    .AddPlatformStorage(builder.Configuration)
    .AddDatasets()
    .AddModelRegistry()
    .AddScoring()
    .AddRetraining()
    .AddOrchestrations();

builder.Build().Run();
