"""The sample invoices: XRechnung 3.0 in both syntaxes, and a PDF that carries one (Factur-X)."""

DELIVERY = 'Rechnungen-Bauhof-2025'
GUIDELINE = 'urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0'
PROCESS = 'urn:fdc:peppol.eu:2017:poacc:billing:01:1.0'
SELLER, BUYER, ROUTE = 'Gartenbau Beispiel GmbH', 'Stadt Musterstadt, Bauhof', '99000000-00067-22'


def ubl():
    """Returns an invoice in UBL 2.1."""
    space = 'urn:oasis:names:specification:ubl:schema:xsd:'
    vat = '<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>'

    def party(name, tax, mail):
        return (f'<cac:Party><cbc:EndpointID schemeID="EM">{mail}</cbc:EndpointID><cac:PostalAddress><cbc:CityName>Musterstadt'
                '</cbc:CityName><cbc:PostalZone>00000</cbc:PostalZone><cac:Country><cbc:IdentificationCode>DE'
                f'</cbc:IdentificationCode></cac:Country></cac:PostalAddress>{tax}<cac:PartyLegalEntity><cbc:RegistrationName>'
                f'{name}</cbc:RegistrationName></cac:PartyLegalEntity></cac:Party>')

    tax = f'<cac:PartyTaxScheme><cbc:CompanyID>DE000000000</cbc:CompanyID>{vat}</cac:PartyTaxScheme>'
    return f'''<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="{space}Invoice-2" xmlns:cac="{space}CommonAggregateComponents-2" xmlns:cbc="{space}CommonBasicComponents-2">
<cbc:CustomizationID>{GUIDELINE}</cbc:CustomizationID>
<cbc:ProfileID>{PROCESS}</cbc:ProfileID>
<cbc:ID>2025-0117</cbc:ID>
<cbc:IssueDate>2025-04-30</cbc:IssueDate>
<cbc:DueDate>2025-05-30</cbc:DueDate>
<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>
<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
<cbc:BuyerReference>{ROUTE}</cbc:BuyerReference>
<cac:InvoicePeriod><cbc:StartDate>2025-04-01</cbc:StartDate><cbc:EndDate>2025-04-30</cbc:EndDate></cac:InvoicePeriod>
<cac:OrderReference><cbc:ID>BH-2025-31</cbc:ID></cac:OrderReference>
<cac:AdditionalDocumentReference><cbc:ID>Aufmaß</cbc:ID><cac:Attachment><cbc:EmbeddedDocumentBinaryObject
 mimeCode="text/csv" filename="Aufmass.csv">UGZsYW56Z3J1YmVuOzEyCkdpZXNzcmFlbmRlcjsxMgo=</cbc:EmbeddedDocumentBinaryObject></cac:Attachment></cac:AdditionalDocumentReference>
<cac:AccountingSupplierParty>{party(SELLER, tax, 'rechnung@example.org')}</cac:AccountingSupplierParty>
<cac:AccountingCustomerParty>{party(BUYER, '', 'bauhof@example.org')}</cac:AccountingCustomerParty>
<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">228.00</cbc:TaxAmount><cac:TaxSubtotal><cbc:TaxableAmount currencyID="EUR">1200.00</cbc:TaxableAmount><cbc:TaxAmount currencyID="EUR">228.00</cbc:TaxAmount><cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>19</cbc:Percent>{vat}</cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>
<cac:LegalMonetaryTotal><cbc:LineExtensionAmount currencyID="EUR">1200.00</cbc:LineExtensionAmount><cbc:TaxExclusiveAmount currencyID="EUR">1200.00</cbc:TaxExclusiveAmount><cbc:TaxInclusiveAmount currencyID="EUR">1428.00</cbc:TaxInclusiveAmount><cbc:PayableAmount currencyID="EUR">1428.00</cbc:PayableAmount></cac:LegalMonetaryTotal>
<cac:InvoiceLine><cbc:ID>1</cbc:ID><cbc:InvoicedQuantity unitCode="H87">12</cbc:InvoicedQuantity><cbc:LineExtensionAmount currencyID="EUR">1200.00</cbc:LineExtensionAmount><cac:Item><cbc:Name>Straßenbaum pflanzen</cbc:Name><cac:ClassifiedTaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>19</cbc:Percent>{vat}</cac:ClassifiedTaxCategory></cac:Item><cac:Price><cbc:PriceAmount currencyID="EUR">100.00</cbc:PriceAmount></cac:Price></cac:InvoiceLine>
</Invoice>
'''


def cii(number, kind, day, amounts, guideline=GUIDELINE, preceding=''):
    """Returns an invoice or a credit note in UN/CEFACT CII; `amounts` are net, tax and total."""
    space = 'urn:un:unece:uncefact:data:standard:'
    net, tax, total = amounts
    date = f'<udt:DateTimeString format="102">{day.replace("-", "")}</udt:DateTimeString>'
    before = f'<ram:InvoiceReferencedDocument><ram:IssuerAssignedID>{preceding}</ram:IssuerAssignedID></ram:InvoiceReferencedDocument>'
    return f'''<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossIndustryInvoice xmlns:rsm="{space}CrossIndustryInvoice:100" xmlns:ram="{space}ReusableAggregateBusinessInformationEntity:100" xmlns:udt="{space}UnqualifiedDataType:100">
<rsm:ExchangedDocumentContext><ram:BusinessProcessSpecifiedDocumentContextParameter><ram:ID>{PROCESS}</ram:ID></ram:BusinessProcessSpecifiedDocumentContextParameter><ram:GuidelineSpecifiedDocumentContextParameter><ram:ID>{guideline}</ram:ID></ram:GuidelineSpecifiedDocumentContextParameter></rsm:ExchangedDocumentContext>
<rsm:ExchangedDocument><ram:ID>{number}</ram:ID><ram:TypeCode>{kind}</ram:TypeCode><ram:IssueDateTime>{date}</ram:IssueDateTime></rsm:ExchangedDocument>
<rsm:SupplyChainTradeTransaction>
<ram:IncludedSupplyChainTradeLineItem><ram:AssociatedDocumentLineDocument><ram:LineID>1</ram:LineID></ram:AssociatedDocumentLineDocument><ram:SpecifiedTradeProduct><ram:Name>Mulch, lose</ram:Name></ram:SpecifiedTradeProduct><ram:SpecifiedLineTradeAgreement><ram:NetPriceProductTradePrice><ram:ChargeAmount>{net}</ram:ChargeAmount></ram:NetPriceProductTradePrice></ram:SpecifiedLineTradeAgreement><ram:SpecifiedLineTradeDelivery><ram:BilledQuantity unitCode="MTQ">1</ram:BilledQuantity></ram:SpecifiedLineTradeDelivery><ram:SpecifiedLineTradeSettlement><ram:ApplicableTradeTax><ram:TypeCode>VAT</ram:TypeCode><ram:CategoryCode>S</ram:CategoryCode><ram:RateApplicablePercent>19</ram:RateApplicablePercent></ram:ApplicableTradeTax><ram:SpecifiedTradeSettlementLineMonetarySummation><ram:LineTotalAmount>{net}</ram:LineTotalAmount></ram:SpecifiedTradeSettlementLineMonetarySummation></ram:SpecifiedLineTradeSettlement></ram:IncludedSupplyChainTradeLineItem>
<ram:ApplicableHeaderTradeAgreement><ram:BuyerReference>{ROUTE}</ram:BuyerReference><ram:SellerTradeParty><ram:Name>{SELLER}</ram:Name><ram:PostalTradeAddress><ram:PostcodeCode>00000</ram:PostcodeCode><ram:CityName>Musterstadt</ram:CityName><ram:CountryID>DE</ram:CountryID></ram:PostalTradeAddress><ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">DE000000000</ram:ID></ram:SpecifiedTaxRegistration></ram:SellerTradeParty><ram:BuyerTradeParty><ram:Name>{BUYER}</ram:Name></ram:BuyerTradeParty></ram:ApplicableHeaderTradeAgreement>
<ram:ApplicableHeaderTradeDelivery/>
<ram:ApplicableHeaderTradeSettlement><ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode><ram:ApplicableTradeTax><ram:CalculatedAmount>{tax}</ram:CalculatedAmount><ram:TypeCode>VAT</ram:TypeCode><ram:BasisAmount>{net}</ram:BasisAmount><ram:CategoryCode>S</ram:CategoryCode><ram:RateApplicablePercent>19</ram:RateApplicablePercent></ram:ApplicableTradeTax><ram:SpecifiedTradeSettlementHeaderMonetarySummation><ram:LineTotalAmount>{net}</ram:LineTotalAmount><ram:TaxBasisTotalAmount>{net}</ram:TaxBasisTotalAmount><ram:TaxTotalAmount currencyID="EUR">{tax}</ram:TaxTotalAmount><ram:GrandTotalAmount>{total}</ram:GrandTotalAmount><ram:DuePayableAmount>{total}</ram:DuePayableAmount></ram:SpecifiedTradeSettlementHeaderMonetarySummation>{before if preceding else ''}</ram:ApplicableHeaderTradeSettlement>
</rsm:SupplyChainTradeTransaction>
</rsm:CrossIndustryInvoice>
'''


def hybrid(pdf, xml):
    """Returns `pdf` with `xml` as its attached file factur-x.xml, added by an incremental update (ISO 32000-1, 7.5.6)."""
    size = int(pdf.rsplit(b'/Size ', 1)[1].split(b' ', 1)[0])
    before = int(pdf.rsplit(b'startxref\n', 1)[1].split(b'\n', 1)[0])
    name = b'(factur-x.xml)'
    objects = {
        1: b'<< /Type /Catalog /Pages 2 0 R /Lang (de-DE) /AF [%d 0 R] /Names << /EmbeddedFiles << /Names [%s %d 0 R] >> >> >>'
           % (size, name, size),
        size: b'<< /Type /Filespec /F %s /UF %s /AFRelationship /Data /EF << /F %d 0 R >> >>' % (name, name, size + 1),
        size + 1: b'<< /Type /EmbeddedFile /Subtype /text#2Fxml /Length %d >>\nstream\n' % len(xml) + xml + b'\nendstream',
    }
    table = b'xref\n0 1\n0000000000 65535 f \n'
    for number, body in objects.items():
        table += b'%d 1\n%010d 00000 n \n' % (number, len(pdf))
        pdf += b'%d 0 obj\n' % number + body + b'\nendobj\n'
    start = len(pdf)
    trailer = b'trailer\n<< /Size %d /Root 1 0 R /Info 6 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n' % (size + 2, before, start)
    return pdf + table + trailer


def contents(pdf):
    """Returns {path: (bytes, modification time)}; `pdf` makes a page of a title and lines."""
    page = pdf('Rechnung 2025-0142', ['Mulch, lose, 1 m³: 80,00 EUR, dazu 19 % Umsatzsteuer 15,20 EUR.', 'Zu zahlen: 95,20 EUR.'],
               '20250602090000')
    carried = cii('2025-0142', '380', '2025-06-02', ('80.00', '15.20', '95.20'), 'urn:cen.eu:en16931:2017').encode()
    credit = cii('G-2025-0009', '381', '2025-05-20', ('100.00', '19.00', '119.00'), preceding='2025-0117').encode()
    return {
        f'{DELIVERY}/Rechnung 2025-0117.xml': (ubl().encode(), '2025-04-30T16:00:00'),
        f'{DELIVERY}/Gutschrift G-2025-0009.xml': (credit, '2025-05-20T10:00:00'),
        f'{DELIVERY}/Rechnung 2025-0142.pdf': (hybrid(page, carried), '2025-06-02T09:00:00'),
    }
