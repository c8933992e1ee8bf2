"""What the made-up institutions hand in can be opened."""

import io

import pypdf
from django.core.files.uploadedfile import SimpleUploadedFile

from demo.papers import pdf
from documents.uploads import check_file


def test_a_small_real_pdf() -> None:
    content = pdf("医保基金使用预测分析报告", "北京昇祺堃医院", "𬭎")
    assert len(content) < 2000
    reader = pypdf.PdfReader(io.BytesIO(content), strict=True)
    page = reader.pages[0]
    assert len(reader.pages) == 1
    assert "报告".encode("utf-16-be").hex() in page.get_contents().get_data().decode()
    assert check_file(SimpleUploadedFile("报告.pdf", content))[0] == "application/pdf"
