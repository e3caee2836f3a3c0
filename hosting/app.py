"""The tester page as a Lambda function."""

from mangum import Mangum

from corsmith.web.app import application
from corsmith.web.serving import Serving

handler = Mangum(application(Serving()), lifespan="off")
