"""Small made-up lists with the traps of real ones, written to a folder of the test."""

from pathlib import Path

from openpyxl import Workbook

LEGACY = [
    ("05110001", "示例第一医院(示例大学医院）"),
    ("03110002", "北京市崇文区示例医院"),
    ("04141003", "北京市宣武区示例医院（已取消定点）"),
    ("08152004", "示例妇幼保健院（示例社区卫生服务中心"),
    ("31162005", "北京经济技术开发区示例社区卫生服务站"),
    ("31156006", "北京示例肿瘤医院"),
    ("77777777", "社区汇总医院"),
    ("08110007", "中国人民解放军第九九九医院"),
    ("05100008", "示例老年公寓医务室"),
]


def text_file(folder: Path, name: str, rows: list, encoding: str = "utf-8") -> Path:
    separator = "\t" if name.endswith(".tsv") else ","
    path = folder / name
    path.write_bytes("\n".join(separator.join(map(str, row)) for row in rows).encode(encoding))
    return path


def workbook(folder: Path, name: str, rows: list) -> Path:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    path = folder / name
    book.save(path)
    return path
