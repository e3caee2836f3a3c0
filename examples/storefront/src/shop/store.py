"""The shop's data. In memory, so that the example runs without a database."""

PRODUCTS = {
    "mug": {"sku": "mug", "name": "Mug", "price": 1200, "stock": 40, "related": ["tea"]},
    "tea": {"sku": "tea", "name": "Tea, 250 g", "price": 900, "stock": 12, "related": ["mug", "pot"]},
    "pot": {"sku": "pot", "name": "Teapot", "price": 4900, "stock": 0, "related": ["tea", "mug"]},
}

REVIEWS = {"mug": [{"stars": 5, "text": "Holds tea."}]}

CARTS = {"c-1001": {"id": "c-1001", "token": "t-1001", "items": {"mug": 2}}}

CUSTOMERS = {"session-ada": "ada"}

ORDERS = {"o-7001": {"id": "o-7001", "customer": "ada", "items": {"tea": 1}, "total": 900}}

WISHLISTS = {"ada": ["pot"]}

STAFF = {"warehouse-key"}


def product(sku):
    return PRODUCTS.get(sku)


def total(items):
    return sum(PRODUCTS[sku]["price"] * count for sku, count in items.items())


def place_order(customer, items):
    order = {"id": f"o-{7001 + len(ORDERS)}", "customer": customer, "items": items, "total": total(items)}
    ORDERS[order["id"]] = order
    return order
