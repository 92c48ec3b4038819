import Atomistics

extension NEPFit {
  /// Takes the numbers of a model in place of random ones, so that a fit goes on from what is known.
  ///
  /// The model has the fit's shape, and its elements or more; one neuron more in each network may hold
  /// energies of elements, as `NEPShift` writes them. A file's c of (T_k + 1)/2 become those of T_k:
  /// c'_k = c_k/2, c'_0 = c_0 + Σ_{k>0} c_k/2.
  ///
  /// - Parameter shifts: the energy (eV) of an atom of each element that the frames' energies lack
  ///   and the model's have.
  /// - Throws: `PotentialsError.badFile` for a model of another shape, `.unsupportedElement` for an
  ///   element that it lacks.
  public func begin(from file: NEPFile, shifts: [Element: Double] = [:]) throws {
    let places = try header.species.map { element in
      guard let place = file.header.species.firstIndex(of: element) else {
        throw PotentialsError.unsupportedElement(
          element, potential: file.path, supported: file.header.species)
      }
      return place
    }
    try check(file, places)
    let known = file.header
    let (inputs, neurons) = (header.descriptorCount, header.neurons)
    let perNetwork = known.neurons * (inputs + 2)
    for (species, place) in places.enumerated() {
      let from = file.numbers[(place * perNetwork)..<((place + 1) * perNetwork)]
      let base = parameters + shape.network(of: species)
      func weight(_ neuron: Int, _ input: Int) -> Double {
        from[from.startIndex + neuron * inputs + input]
      }
      func bias(_ neuron: Int) -> Double {
        from[from.startIndex + known.neurons * inputs + neuron]
      }
      func output(_ neuron: Int) -> Double {
        from[from.startIndex + known.neurons * (inputs + 1) + neuron]
      }
      for neuron in 0..<neurons {
        for d in 0..<inputs { base[d * shape.neurons + neuron] = Float(weight(neuron, d)) }
        base[inputs * shape.neurons + neuron] = Float(bias(neuron))
        base[(inputs + 1) * shape.neurons + neuron] = Float(output(neuron))
      }
      var constant = -file.numbers[known.networkParameters - 1]
      if known.neurons > neurons {
        constant += output(neurons) * hyperbolicTangent(-bias(neurons))
      }
      base[(inputs + 2) * shape.neurons] = Float(
        constant - (shifts[header.species[species]] ?? 0))
    }
    let c = NEPPotential(file).coefficients
    expand(c.radialFactor, places, to: shape.radial, header.radialCount, header.radialBasis + 1)
    expand(
      c.angularFactor, places, to: shape.angular, header.angularCount, header.angularBasis + 1)
    let scale =
      known.networkParameters
      + known.species.count * known.species.count * known.coefficientsPerPair
    shape.scale = file.numbers[scale..<(scale + inputs)].map { Float($0) }
  }

  /// The inverse of what `text` writes, of c_nk between a centre and a neighbour.
  private func expand(
    _ factor: (_ i: Int, _ j: Int, _ n: Int, _ k: Int) -> Double, _ places: [Int],
    to offset: Int, _ functions: Int, _ basis: Int
  ) {
    for (i, a) in places.enumerated() {
      for (j, b) in places.enumerated() {
        for n in 0..<functions {
          let c = parameters + offset + ((i * places.count + j) * functions + n) * basis
          c[0] = Float((1..<basis).reduce(factor(a, b, n, 0)) { $0 + 0.5 * factor(a, b, n, $1) })
          for k in 1..<basis { c[k] = Float(0.5 * factor(a, b, n, k)) }
        }
      }
    }
  }

  private func check(_ file: NEPFile, _ places: [Int]) throws {
    let known = file.header
    func refuse(_ what: String, _ found: String, _ wanted: String) -> PotentialsError {
      .badFile(
        path: file.path, line: nil,
        reason: "a fit cannot start from it: its \(what) is \(found), the input asks for \(wanted)")
    }
    guard known.version == 4 else {
      throw refuse("format", known.format, "one network for each element (nep4)")
    }
    let cutoffs = (
      places.map { [known.radialCutoffs[$0], known.angularCutoffs[$0]] },
      header.species.indices.map { [header.radialCutoffs[$0], header.angularCutoffs[$0]] }
    )
    guard cutoffs.0 == cutoffs.1 else {
      throw refuse("cutoff", "\(cutoffs.0[0])", "\(cutoffs.1[0])")
    }
    guard known.repulsion == header.repulsion else {
      throw refuse("repulsion", "\(known.repulsion)", "\(header.repulsion)")
    }
    for (what, found, wanted) in [
      (
        "n_max", [known.radialOrder, known.angularOrder], [header.radialOrder, header.angularOrder]
      ),
      (
        "basis_size", [known.radialBasis, known.angularBasis],
        [header.radialBasis, header.angularBasis]
      ),
      ("l_max", known.terms, header.terms),
    ] where found != wanted {
      throw refuse(what, "\(found)", "\(wanted)")
    }
    // Only a neuron without inputs can be folded into the energy of an element.
    let inputs = known.descriptorCount
    let holdsShift = places.allSatisfy { place in
      let network = place * known.neurons * (inputs + 2)
      let last = network + (known.neurons - 1) * inputs
      return file.numbers[last..<(last + inputs)].allSatisfy { $0 == 0 }
    }
    guard known.neurons == header.neurons || (known.neurons == header.neurons + 1 && holdsShift)
    else {
      throw refuse(
        "neuron", "\(holdsShift ? known.neurons - 1 : known.neurons)", "\(header.neurons)")
    }
  }
}

extension NEPHeader {
  /// As `l_max` has them.
  fileprivate var terms: [Int] { [maximumL, hasFourBody ? 2 : 0, hasFiveBody ? 1 : 0] }
}
