from apig_wsgi import make_lambda_handler
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse, JsonResponse
from django.urls import path

settings.configure(
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    SECRET_KEY="x",
    INSTALLED_APPS=["corsheaders"],
    MIDDLEWARE=["corsheaders.middleware.CorsMiddleware", "django.middleware.common.CommonMiddleware"],
    CORS_ALLOWED_ORIGINS=["https://a.example"],
    CORS_ALLOWED_ORIGIN_REGEXES=[r"^https://\w+\.b\.example$"],
    CORS_ALLOW_METHODS=["GET", "PUT"],
    CORS_ALLOW_HEADERS=["x-token"],
    CORS_EXPOSE_HEADERS=["X-A"],
    CORS_ALLOW_CREDENTIALS=True,
    CORS_PREFLIGHT_MAX_AGE=60,
)


def items(request):
    if request.method == "PUT":
        return HttpResponse(status=201, headers={"X-A": "put"})
    return JsonResponse({})


def users(request):
    return JsonResponse({"error": "no"}, status=403)


def boom(request):
    raise ValueError("boom")


urlpatterns = [path("items", items), path("users", users), path("boom", boom)]
handler = make_lambda_handler(get_wsgi_application())
