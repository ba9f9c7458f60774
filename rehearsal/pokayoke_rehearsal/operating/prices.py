"""How an hour's price is written."""


def dollars(amount: float) -> str:
    """`$0.0672`: an hour's price, as precise as it is known."""
    whole, _, fraction = f"{amount:.4f}".partition(".")
    return f"${whole}.{fraction.rstrip('0'):0<2}"
