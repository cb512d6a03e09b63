"""Writing a map as a file of any format that is read (read.py)."""

import json

from . import map_json, mermaid_out, table_out
from .plan import MapPlan

JSON = "json"
CONTENT_TYPES = {
    JSON: "application/json; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "mmd": "text/plain; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def write(plan: MapPlan, format: str) -> bytes:
    """The map as a file; `format` is a key of CONTENT_TYPES."""
    if format == JSON:
        document = json.dumps(map_json.dump(plan), ensure_ascii=False, indent=1)
        return f"{document}\n".encode()
    if format == "mmd":
        return mermaid_out.to_mermaid(plan)
    return table_out.to_csv(plan) if format == "csv" else table_out.to_xlsx(plan)
