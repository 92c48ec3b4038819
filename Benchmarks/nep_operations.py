"""How many floating-point operations one atom and step of a NEP model takes, counted term by term.

Every product, sum, quotient and root counts one, a multiply-add two, a sine, cosine or hyperbolic
tangent `FUNCTION`. What two terms share is counted once: the two directions of a pair have the same
distance, basis and (but for the sign of odd l) harmonics; radial functions are summed over the
neighbours of one species before the coefficients are applied. What is not counted: finding neighbours,
ZBL (few pairs are that near), moving the atoms. A program may do more than this, hardly less.

| symbol | meaning |
|---|---|
| R, A | mean number of neighbours of an atom within the radial and the angular range |
| S | mean number of species among them |
| n, k | functions and Chebyshev polynomials, radial (r) or angular (a) |
| M | components of the harmonics, l_max (l_max + 2) |
| D, H | components of the descriptor, neurons |
"""

FUNCTION = 20


def basis(k):
    """f_k = (T_k(x) + 1)/2 f_c(r) and f_k' for k polynomials."""
    envelope = 2 * FUNCTION + 5  # cos and sin of pi r / 2 r_c, their square and product, two factors
    argument = 4  # x = 2 (r/r_c - 1)^2 - 1 and dx/dr
    recursion = 2 * 2 * max(k - 2, 0)  # T_k = 2 x T_(k-1) - T_(k-2), and U_k the same
    values = 3 * k  # (T + 1)/2, times f_c
    slopes = 4 * k  # k U_(k-1) (dx/dr f_c/2) + (T + 1)/2 f_c'
    return envelope + argument + recursion + values + slopes


def operations(found):
    """{term: operations per atom and step} from what `interphase-bench forces` prints."""
    model = found["model"]
    R, A, S = found["radialNeighbors"], found["angularNeighbors"], found["neighborSpecies"]
    nr, na = model["radialFunctions"], model["angularFunctions"]
    kr, ka = model["radialBasis"], model["angularBasis"]
    M = model["maximumL"] * (model["maximumL"] + 2)
    D, H = model["descriptors"], model["neurons"]
    four, five = model["fourBody"], model["fiveBody"]
    return {
        # Difference 3, its square 5, root, 1/r, unit vector 3; half of the pairs.
        "distances": R / 2 * 13,
        "Chebyshev bases": R / 2 * basis(kr) + A / 2 * basis(ka),
        # F_k += f_k for each neighbour; q_n = sum c_nk F_k for each species.
        "radial descriptor": R * kr + S * 2 * nr * kr,
        # g_n = sum c_nk f_k and g_n' = sum c_nk f_k' for each neighbour in each direction.
        "contraction with c_nk": A * 4 * na * ka,
        # About 3 for a component and 2 for each of its three derivatives, by recursion.
        "harmonics and gradients": A / 2 * (3 + 6) * M,
        # A_nlm += g_n Y_lm.
        "A_nlm sums": A * 2 * na * M,
        # Squares and their slopes; the determinant of l = 2 (25) and its slopes (45); q_n1^2 (3, 8).
        "invariants and slopes": na * (3 * M + four * 70 + five * 11),
        # w0 q, tanh, w1; then w1 (1 - tanh^2) w0.
        "network": H * (2 * D + FUNCTION + 2) + H * (2 * D + 3),
        # w_k = sum U_n c_nk for each species; sum w_k f_k' for each neighbour, times the unit vector.
        "radial forces": S * 2 * nr * kr + R * (2 * kr + 6),
        # B_nlm = dU/dA_nlm: G_n = sum B Y, sum g_n' G_n along r; H_lm = sum g_n B; sum H grad Y.
        "angular forces": A * (2 * na * M + 2 * na + 6 + 2 * na * M + 6 * M),
        # Onto both atoms, and the six components of the virial; half of the pairs.
        "sums of forces and virial": R / 2 * (6 + 12),
    }
