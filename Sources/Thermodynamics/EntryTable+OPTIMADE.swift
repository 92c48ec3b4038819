import Atomistics

extension EntryTable {
  /// The structures of an OPTIMADE answer with the energies of one field that all of them have.
  ///
  /// No correction scheme is taken: the answers do not name one.
  ///
  /// - Throws: `ThermodynamicsError.mixture` where no field is shared by all.
  init(optimade root: JSONValue, name: String) throws {
    let data = root.object?.known("data")
    let found = try Self.entries(of: data?.list ?? data.map { [$0] } ?? [], name: name) {
      try OPTIMADEEntry($0, number: $1)
    }
    let shared = OPTIMADEEnergy.all.filter { field in
      found.allSatisfy { $0.energies[field] != nil }
    }
    guard let taken = shared.first else {
      let groups = OPTIMADEEnergy.all.compactMap { field in
        let members = found.filter { $0.energies[field] != nil }.map(\.label)
        return members.isEmpty ? nil : (field.name, members)
      }
      throw ThermodynamicsError.mixture(
        name: name, of: "fields of energy", groups: Self.groups(groups),
        advice: "keep structures that share one field of one provider")
    }
    let others = OPTIMADEEnergy.all.filter { field in
      field != taken && found.contains { $0.energies[field] != nil }
    }
    var warnings: [String] = []
    if taken.isOfMaterialsProject || !others.isEmpty {
      let rest = others.map(\.name).joined(separator: "; ")
      warnings.append(
        "\(name): energies are taken from \(taken.name)"
          + (rest.isEmpty ? "." : "; also there, and not taken: \(rest)."))
    }
    if taken.isOfMaterialsProject {
      warnings.append(
        "\(name) does not say how its energies are corrected; no correction scheme is assumed.")
    }
    if case .bool(true)? = root.object?.known("meta")?.object?.known("more_data_available") {
      warnings.append(
        "\(name) is one page of a longer answer (more_data_available); phases may be missing.")
    }
    self.init(
      name: name, entries: found.compactMap { $0.entry(with: taken) }, scale: .formation,
      warnings: warnings)
  }
}
