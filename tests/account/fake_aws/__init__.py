"""AWS on this machine: the control planes of API Gateway and Lambda over HTTP, as botocore's service models describe them."""
