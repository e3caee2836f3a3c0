"""corsmith inside other people's tools: cfn-lint, pytest, Playwright, the CDK. Each module loads only what its tool needs."""
