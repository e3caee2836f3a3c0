from fastapi import APIRouter, FastAPI
from fastapi.middleware import Middleware
from fastapi.middleware.cors import CORSMiddleware
from mangum import Mangum

cors = Middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True, allow_methods=["*"])
app = FastAPI(middleware=[cors])
router = APIRouter(prefix="/items")


@router.get("")
def items():
    return {"a": 1}


app.include_router(router)
handler = Mangum(app, lifespan="off")
