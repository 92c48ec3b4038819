import Atomistics

extension NEPHeader {
  /// The lines that begin a nep.txt file of this shape.
  ///
  /// - Parameter capacities: the most neighbours of an atom within the radial and the angular
  ///   cut-off, for which GPUMD makes room.
  func text(capacities: (radial: Int, angular: Int)) -> String {
    var lines = [([format, "\(species.count)"] + species.map(\.symbol)).joined(separator: " ")]
    switch repulsion {
    case .none: break
    case .universal(let inner, let outer): lines.append("zbl \(inner) \(outer)")
    case .covalent(let factor, let outer): lines.append("zbl 0 \(outer) \(factor)")
    case .flexible: lines.append("zbl 0 0")
    }
    let isUniform = Set(radialCutoffs).count == 1 && Set(angularCutoffs).count == 1
    let cutoffs = (isUniform ? [0] : Array(species.indices)).flatMap {
      [radialCutoffs[$0], angularCutoffs[$0]]
    }
    let words = cutoffs.map { "\($0)" } + ["\(capacities.radial)", "\(capacities.angular)"]
    lines.append("cutoff " + words.joined(separator: " "))
    lines.append("n_max \(radialOrder) \(angularOrder)")
    lines.append("basis_size \(radialBasis) \(angularBasis)")
    lines.append("l_max \(maximumL) \(hasFourBody ? 2 : 0) \(hasFiveBody ? 1 : 0)")
    lines.append("ANN \(neurons) 0")
    return lines.joined(separator: "\n") + "\n"
  }
}
