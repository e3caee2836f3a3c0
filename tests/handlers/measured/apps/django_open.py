from apig_wsgi import make_lambda_handler
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import JsonResponse
from django.urls import include, path
from django.views.decorators.http import require_http_methods

settings.configure(
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    SECRET_KEY="x",
    INSTALLED_APPS=["corsheaders"],
    MIDDLEWARE=["corsheaders.middleware.CorsMiddleware"],
    CORS_ALLOW_ALL_ORIGINS=True,
    CORS_URLS_REGEX=r"^/(items|boom)",
)


@require_http_methods(["GET", "PUT"])
def items(request):
    return JsonResponse({})


def users(request):
    return JsonResponse({}, headers={"Access-Control-Allow-Origin": "https://own.example"})


def boom(request):
    raise ValueError("boom")


more = [path("users", users)]
urlpatterns = [path("items", items), path("", include(more)), path("boom", boom)]
application = get_wsgi_application()
handler = make_lambda_handler(application)
