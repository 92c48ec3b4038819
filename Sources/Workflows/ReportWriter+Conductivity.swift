import Report

extension ReportWriter {
  /// What the band gaps of the products say at 0 V, in both bases, and what that rests on.
  func conductivityBlocks() -> [Block] {
    let contacts = zip(electrolytes, results.thermodynamics).compactMap {
      electrolyte, result -> ProductsAtContact? in
      guard let elements = result.elements[leadingScheme]?.steps.first,
        let intact = result.intact[leadingScheme]?.steps.first
      else { return nil }
      return ProductsAtContact(
        name: name(electrolyte), salt: electrolyte.salt, elements: elements, intact: intact)
    }
    guard let threshold = contacts.first?.elements.products.gapThreshold_eV else { return [] }
    return [
      .heading("Do the products at 0 V insulate?"),
      .paragraph(
        """
        A layer of products can stop the reaction only if electrons do not pass it. Where a \
        conductor among them forms a connected path they do, so that one is enough for the class; \
        how much of it there is and how it lies is not asked. A product with a band gap below \
        \(trimmed(threshold)) eV counts as conducting. Gaps come from several methods, mostly PBE, \
        whose gaps are too small: they decide between insulating and conducting, nothing finer.
        """),
      .table(conductivityTable(contacts)),
      .paragraph(turnedSentence(contacts)),
    ] + (remarks(contacts).isEmpty ? [] : [.list(remarks(contacts))])
  }

  private func conductivityTable(_ contacts: [ProductsAtContact]) -> Table {
    Table(
      caption: "The products at 0 V by their band gaps, scheme \(leadingScheme).",
      header: ["electrolyte", "vertices", "products", "smallest gap known (eV)", "class"],
      rows: contacts.flatMap { contact -> [[RichText]] in
        [
          row(contact.name, "elements", contact.elements),
          row("", "\(formula: contact.salt) whole", contact.intact),
        ]
      }, alignment: [.left, .left, .left, .right, .left])
  }

  private func row(_ name: RichText, _ vertices: RichText, _ step: StepResult) -> [RichText] {
    [name, vertices, sum(step.phases), smallestGap(step.products), productsText(step.products)]
  }

  private func smallestGap(_ products: ProductsResult) -> RichText {
    guard let gap = products.smallestGap_eV, let phase = products.smallestGapPhase else {
      return "none"
    }
    return "\(rounded(gap, 2)) (\(formula: phase))"
  }

  /// For which electrolytes keeping the cluster whole turns a conductor into insulators.
  private func turnedSentence(_ contacts: [ProductsAtContact]) -> RichText {
    let turned = contacts.filter {
      $0.elements.products.kind == .conducting && $0.intact.products.kind == .insulating
    }
    let same = contacts.filter { $0.elements.products.kind == $0.intact.products.kind }
    let first: RichText =
      turned.isEmpty
      ? "Keeping the cluster whole turns conducting products into insulating ones in no case here."
      : """
      The paper's argument holds by these gaps for \(listed(turned.map(\.name))): with elements as \
      vertices the products conduct (\(listed(conductors(turned)))), with the cluster whole all of \
      them insulate.
      """
    guard !same.isEmpty else { return first }
    return first + " For \(listed(same.map(\.name))) both bases give the same class."
  }

  private func remarks(_ contacts: [ProductsAtContact]) -> [RichText] {
    let steps = contacts.flatMap { [$0.elements, $0.intact] }
    var remarks: [RichText] = []
    let narrowest = steps.map(\.products).filter { $0.kind == .insulating }
      .compactMap { products in
        products.smallestGap_eV.flatMap { gap in
          products.smallestGapPhase.map { (gap: gap, phase: $0) }
        }
      }.min { $0.gap < $1.gap }
    if let narrowest {
      remarks.append(
        """
        The class insulating rests on \(formula: narrowest.phase), whose gap of \
        \(rounded(narrowest.gap, 2)) eV is the smallest among products that count as insulators: \
        with a threshold above it, equilibria with \(formula: narrowest.phase) would conduct.
        """)
    }
    if steps.contains(where: { step in
      step.phases.contains { $0.formula == "LiH" } && step.products.kind == .conducting
        && !step.products.phases.contains("LiH")
    }) {
      remarks.append(
        """
        The paper counts LiH with LiB among the phases whose gaps are close to zero. By the gaps of \
        this table LiH alone is an insulator; what conducts beside it is enough for the class.
        """)
    }
    return remarks
  }

  private func conductors(_ contacts: [ProductsAtContact]) -> [RichText] {
    var seen: Set<String> = []
    return contacts.flatMap(\.elements.products.phases).filter { seen.insert($0).inserted }
      .map(RichText.init(formula:))
  }

  /// The class of the products, with the phases that decide it.
  func productsText(_ products: ProductsResult) -> RichText {
    let phases = products.phases.map(RichText.init(formula:))
    return RichText(plain: products.kind.rawValue)
      + (phases.isEmpty ? "" : RichText(plain: ": ") + listed(phases))
  }

  private func listed(_ items: [RichText]) -> RichText {
    items.enumerated().reduce(RichText(plain: "")) { text, item in
      text + RichText(plain: item.offset == 0 ? "" : ", ") + item.element
    }
  }
}

/// The equilibria of one electrolyte with the metal, in both bases.
private struct ProductsAtContact {
  let name: RichText
  let salt: String
  let elements: StepResult
  let intact: StepResult
}
