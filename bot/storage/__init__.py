"""PostgreSQL: tables, units of work, migrations, sealed secrets, and the embedded server."""
